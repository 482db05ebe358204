// One JavaScript realm per worker, in which its test files run one after the other; Jest's own environment makes a realm
// for each file, which then has to compile and evaluate every package anew (see runtime.cjs). What a file puts on the
// globals, on `process` or into `process.env` goes with it; what our own modules hold is each file's own as ever.
const vm = require('node:vm');
const { LegacyFakeTimers, ModernFakeTimers } = require('@jest/fake-timers');
const { ModuleMocker } = require('jest-mock');
const { installCommonGlobals } = require('jest-util');

/** Bytes that Node gives and bytes that a test makes are of one class, as in Jest's own environment. */
const OF_NODE = new Set(['Buffer', 'ArrayBuffer', 'Uint8Array']);
const OF_JEST = new Set(['globalThis', 'global', 'GLOBAL', 'root', 'process', 'jest-symbol-do-not-touch']);

let realm;

/** A realm with all that is global in Node, and nothing of any test. */
function newRealm() {
  const context = vm.createContext(vm.constants.DONT_CONTEXTIFY);
  const global = vm.runInContext('globalThis', context);
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(globalThis))) {
    if (OF_JEST.has(name) || (name in global && !OF_NODE.has(name))) continue;
    Object.defineProperty(global, name, property.get ? lazily(name, property) : property);
  }
  global.global = global;
  installCommonGlobals(global, {});
  global.Error.stackTraceLimit = 100;
  return { context, global, own: Object.getOwnPropertyDescriptors(global) };
}

/** Node makes some of its globals when they are first asked for, and only for its own realm. */
function lazily(name, { enumerable }) {
  const set = function (value) {
    Object.defineProperty(this, name, { value, enumerable, writable: true, configurable: true });
  };
  return { get: () => globalThis[name], set, enumerable, configurable: true };
}

/** A copy of Node's `process`, whose environment and listeners are the test file's own. */
function newProcess() {
  const { Symbol, Date } = globalThis;
  return installCommonGlobals({ Symbol, Date }, {}).process;
}

/** Takes away what a test file added to the globals, and puts back what it changed. */
function restoreGlobals({ global, own }) {
  for (const name of Reflect.ownKeys(global)) {
    if (!(name in own)) Reflect.deleteProperty(global, name);
    else if (Object.getOwnPropertyDescriptor(global, name).configurable) Object.defineProperty(global, name, own[name]);
  }
}

class Environment {
  constructor({ projectConfig: config }) {
    realm ??= newRealm();
    const { context, global } = realm;
    this.context = context;
    this.global = global;
    Object.defineProperty(global, 'process', { value: newProcess(), writable: true, configurable: true });
    this.moduleMocker = new ModuleMocker(global);
    const timerConfig = {
      idToRef: (id) => ({ id, ref: () => this, unref: () => this }),
      refToId: (timer) => timer?.id,
    };
    this.fakeTimers = new LegacyFakeTimers({ config, global, moduleMocker: this.moduleMocker, timerConfig });
    this.fakeTimersModern = new ModernFakeTimers({ config, global });
  }

  async setup() {}

  async teardown() {
    this.fakeTimers.dispose();
    this.fakeTimersModern.dispose();
    restoreGlobals(realm);
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  getVmContext() {
    return this.context;
  }
}

module.exports = Environment;
