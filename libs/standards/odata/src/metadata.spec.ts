import fc from 'fast-check';
import { literal, textLiteral } from './literal.js';
import { readMetadata } from './metadata.js';

const document = (schema: string) =>
  `<?xml version="1.0"?><edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="4.0"><edmx:DataServices>` +
  `<Schema xmlns="http://docs.oasis-open.org/odata/ns/edm" Namespace="Books">${schema}</Schema></edmx:DataServices></edmx:Edmx>`;

const ONE_SET = `<EntityType Name="Account"><Key><PropertyRef Name="Code"/></Key>
  <Property Name="Code" Type="Edm.String" Nullable="false"/>
  <NavigationProperty Name="Lines" Type="Collection(Books.Account)"/></EntityType>
  <EntityContainer Name="All"><EntitySet Name="Accounts" EntityType="Books.Account"/></EntityContainer>`;

test('an entity set is read with its key, its properties and its navigation', () => {
  const { type } = readMetadata(document(ONE_SET)).sets.get('Accounts')!;
  expect(type.key).toEqual(['Code']);
  expect(type.properties.get('Code')).toEqual({ name: 'Code', type: 'Edm.String', nullable: false });
  expect(type.navigation.get('Lines')).toMatchObject({ type: 'Books.Account', isCollection: true });
});

test.each([
  ['entities', `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${document(ONE_SET)}`],
  ['an external entity', `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>${document(ONE_SET)}`],
  ['no end', document(ONE_SET).slice(0, 200)],
  ['too much depth', document(`${'<a>'.repeat(500)}${'</a>'.repeat(500)}`)],
  ['no schema', '<html><body>Log in</body></html>'],
  [
    'a type that it does not declare',
    document('<EntityContainer Name="All"><EntitySet Name="A" EntityType="Books.B"/></EntityContainer>'),
  ],
  ['a name that is a path', document('<EntityType Name="../x"></EntityType>')],
  ['six million characters', document(`<!-- ${'x'.repeat(6_000_000)} -->`)],
])('a document with %s is refused', (_, text) => {
  expect(() => readMetadata(text)).toThrow(expect.objectContaining({ slug: 'upstream-rejected' }) as Error);
});

test('no text can end the literal that it stands in', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const written = textLiteral(text);
      expect(/^'([^']|'')*'$/.test(written)).toBe(true);
      expect(written.slice(1, -1).replaceAll("''", "'")).toBe(text);
    }),
  );
});

test('what is no number, date or moment is not written as one', () => {
  expect(literal('Edm.Decimal', '12.50')).toBe('12.50');
  expect(literal('Edm.DateTimeOffset', '2026-11-21T10:00:00Z')).toBe('2026-11-21T10:00:00Z');
  for (const type of ['Edm.Decimal', 'Edm.Date', 'Edm.Int32']) {
    expect(() => literal(type, "1 or Name eq 'x'")).toThrow(RangeError);
  }
});
