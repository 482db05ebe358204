// Typed lint for all TypeScript, and the layer table of tools/boundaries.mjs by Nx tag.
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';
import { APP_FACE, MAY_IMPORT, projects, SPEC_MAY_ALSO_IMPORT } from './tools/boundaries.mjs';

const tag = (layer) => `layer:${layer}`;

/** The layer table as the Nx rule reads it. It needs Nx's cached graph: `npm run lint` runs an nx command first. */
function boundaries({ alsoImport = [], allow = [] } = {}) {
  const depConstraints = Object.entries(MAY_IMPORT).map(([layer, others]) => ({
    sourceTag: tag(layer),
    onlyDependOnLibsWithTags: [...others, ...alsoImport].map(tag),
  }));
  // `testing` is used by the specs of the libs it uses itself; circles between files are dependency-cruiser's part.
  const ignoredCircularDependencies = projects()
    .filter(({ name }) => name !== 'testing')
    .map(({ name }) => ['testing', name]);
  return {
    '@nx/enforce-module-boundaries': [
      'error',
      { enforceBuildableLibDependency: false, allow, depConstraints, ignoredCircularDependencies },
    ],
  };
}

export default tseslint.config(
  { ignores: ['dist/**', '**/generated/**', 'node_modules/**', '.nx/**', '.data/**', 'tools/**', '**/*.mjs'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
  },
  {
    files: ['**/*.ts'],
    plugins: { '@nx': nx },
    rules: {
      ...boundaries(),
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^@concord/[^/]+/', message: 'Import a library by its name; its files are its own.' }] },
      ],
      // A call of an SDK is sent by being awaited: one that is dropped is an effect that never happens.
      '@typescript-eslint/no-floating-promises': ['error', { checkThenables: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      eqeqeq: 'error',
      'no-control-regex': 'error',
      // What was caught, or the reason of an abort signal, is passed on as it is.
      '@typescript-eslint/only-throw-error': ['error', { allowThrowingAny: true, allowThrowingUnknown: true }],
      '@typescript-eslint/prefer-promise-reject-errors': [
        'error',
        { allowThrowingAny: true, allowThrowingUnknown: true },
      ],
      // `async` without `await` is how a port that promises a rejection keeps its word when it throws.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['apps/gateway/**/*.ts'],
    rules: boundaries({ allow: [`^(\\.\\./)+(system|process|experience)-[a-z-]+/${APP_FACE}\\.js$`] }),
  },
  {
    files: ['**/*.spec.ts', '**/*.conformance.ts', '**/*.fixture.ts'],
    rules: {
      ...boundaries({ alsoImport: SPEC_MAY_ALSO_IMPORT, allow: ['^(\\.\\./)+simulators/src/.+\\.js$'] }),
      // A test looks into answers whose shape it asserts.
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  prettier,
);
