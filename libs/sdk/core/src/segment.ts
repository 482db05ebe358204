import { Problem } from '@concord/canonical';

/**
 * An identifier as one segment of a path, percent-encoded. An empty one, `.` and `..` would address another resource
 * (RFC 3986 section 5.2.4 removes dot segments, encoded or not), so they are refused.
 */
export function segment(value: string | number | boolean): string {
  const text = String(value);
  if (text === '' || text === '.' || text === '..') {
    throw new Problem('validation-failed', 'An identifier in the path is empty or a dot segment');
  }
  return encodeURIComponent(text);
}
