// Native ESM; run through `npm test` (tools/test.mjs), which pins Node 24 and passes --experimental-vm-modules.
const mapped = (folder) => `<rootDir>/libs/${folder}/src/index.ts`;

export default {
  rootDir: import.meta.dirname,
  testEnvironment: '<rootDir>/tools/test/jest/environment.cjs',
  runtime: '<rootDir>/tools/test/jest/runtime.cjs',
  testSequencer: '<rootDir>/tools/test/jest/sequencer.cjs',
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['<rootDir>/{apps,libs,test,tools}/**/*.spec.ts'],
  globalSetup: '<rootDir>/tools/test/prepared-postgres.mjs',
  globalTeardown: '<rootDir>/tools/test/unprepared-postgres.mjs',
  setupFiles: ['reflect-metadata'],
  testTimeout: 180_000, // a shared machine may be five times slower for a while; whoever waits for something says so sooner
  maxWorkers: 3, // one of them mostly waits: for a process that starts, a Tryton, a timer
  workerIdleMemoryLimit: '2GB',
  moduleNameMapper: {
    '^@concord/(csv|fhir|hl7v2|odata|x12)$': mapped('standards/$1'),
    '^@concord/sdk-(.+)$': mapped('sdk/$1'),
    '^@concord/([^/]+)$': mapped('$1'),
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.data/'],
  resolver: '<rootDir>/tools/jest-resolver.cjs',
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: {
          parser: { syntax: 'typescript', decorators: true, dynamicImport: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          target: 'es2023',
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
};
