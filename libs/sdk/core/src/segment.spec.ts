import * as fc from 'fast-check';
import { segment } from './segment.js';

describe('a path segment', () => {
  it('stays one segment and reads back as the identifier it was, whatever the identifier', () => {
    const identifier = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/^\.{1,2}$/.test(text));
    fc.assert(
      fc.property(identifier, (id) => {
        const { pathname } = new URL(`/claims/${segment(id)}/lines`, 'http://127.0.0.1');
        const [, claims, encoded = '', lines] = pathname.split('/');
        expect([claims, decodeURIComponent(encoded), lines]).toEqual(['claims', id, 'lines']);
      }),
    );
  });

  it.each(['', '.', '..'])('is refused when it would address another resource: "%s"', (id) => {
    expect(() => segment(id)).toThrow(expect.objectContaining({ slug: 'validation-failed' }));
  });
});
