import type { ProblemFault } from '@concord/canonical';
import type { ErrorObject } from 'ajv';

/** Ajv's error as a fault. It names the member, never the value: the value may be a person. */
export function faultOf(
  { instancePath, schemaPath, keyword, params, message }: ErrorObject,
  root: string,
): ProblemFault {
  const pointer = root + declaredPart(instancePath, schemaPath);
  const { missingProperty, additionalProperty, allowedValues } = params as {
    missingProperty?: string;
    additionalProperty?: string;
    allowedValues?: readonly string[];
  };
  if (missingProperty !== undefined) {
    return { pointer: `${pointer}/${missingProperty}`, code: 'required', detail: 'is missing' };
  }
  if (additionalProperty !== undefined) {
    return { pointer, code: 'undeclared', detail: 'has a member that is not declared' };
  }
  const detail = allowedValues ? `must be one of ${allowedValues.join(', ')}` : (message ?? 'is not valid');
  return { pointer, code: keyword, detail };
}

/** The pointer up to a map: the names inside one are the caller's own, and may be a person as well. */
const declaredPart = (instancePath: string, schemaPath: string): string =>
  schemaPath.includes('/additionalProperties/') ? instancePath.slice(0, instancePath.lastIndexOf('/')) : instancePath;
