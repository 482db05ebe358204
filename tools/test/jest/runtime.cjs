// Jest's runtime, which loads the packages of node_modules once per worker instead of once per test file: they are most
// of what a file imports. Our own modules are loaded anew for each file, so nothing that we keep in a module passes from
// one file to the next. Packages that keep what a test tells them are listed below and loaded anew, too.
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { default: Runtime } = require('jest-runtime');

const PACKAGE = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//;

/** These remember what is declared to them, or belong to Jest. */
const OF_EACH_FILE = /^(scimmy|scimmy-routers|express|expect|jest|jest-.+|@jest\/.+)$/;

const isShared = (file) => {
  const name = PACKAGE.exec(file)?.[1];
  return name !== undefined && !OF_EACH_FILE.test(name);
};

/** The packages of one worker. */
let packages;

/** A runtime that outlives the test files, with the modules of packages only. */
class Packages {
  constructor(config, environment, ...rest) {
    const { global, context, moduleMocker } = environment;
    const own = Object.create(global, { process: { value: global.process } });
    const lasting = {
      global: own,
      moduleMocker,
      getVmContext: () => context,
      exportConditions: () => environment.exportConditions(),
    };
    this.runtime = new Runtime(config, lasting, ...rest);
    this.modules = new Map();
  }

  /** What a CommonJS package exports. */
  require(from, file) {
    return this.runtime.requireModuleOrMock(from, file);
  }

  /** The module of a file of a package, for another to be linked with; undefined where Jest can only load it slowly. */
  module(from, file, isEsm) {
    if (!this.modules.has(file)) this.modules.set(file, isEsm ? this.esm(file) : this.wrapped(from, file));
    return this.modules.get(file);
  }

  esm(file) {
    const module = this.runtime.esmLoader.tryLoadGraphSync(file, '', 'sync-preferred');
    return typeof module === 'symbol' ? undefined : module;
  }

  wrapped(from, file) {
    return this.runtime.esmLoader.buildCjsAsEsmSyntheticModule(from, file, this.runtime.esmLoader.getContext());
  }
}

class RuntimeOfOneFile extends Runtime {
  constructor(...options) {
    super(...options);
    packages ??= new Packages(...options);
    this.linkWithPackages();
  }

  requireModuleOrMock(from, name) {
    const file = this.packageFile(name, () => this._resolution.resolveCjs(from, name));
    return file ? packages.require(from, file) : super.requireModuleOrMock(from, name);
  }

  /** Every import of our modules is looked for among the packages first. */
  linkWithPackages() {
    const loader = this.esmLoader;
    const { resolveSpecifierForSyncGraph: resolve } = loader;
    loader.resolveSpecifierForSyncGraph = (from, name, context, scratch, registry, ...rest) => {
      const file = this.packageFile(name, () => this._resolution.resolveEsm(from, name));
      const key = file && pathToFileURL(file).href;
      if (file && !registry.has(key)) {
        const module = packages.module(from, file, this.unstable_shouldLoadAsEsm(file));
        if (module) registry.set(key, module);
      }
      return resolve.call(loader, from, name, context, scratch, registry, ...rest);
    };
    const { loadEsmModule: load } = loader;
    loader.loadEsmModule = async (file, suffix = '') =>
      (!suffix && isShared(file) && packages.module(file, file, true)) || load.call(loader, file, suffix);
  }

  /** The file of a shared package that a name stands for; undefined where it is ours, Node's, Jest's or a test's mock. */
  packageFile(name, resolve) {
    if (name.startsWith('.') || name.startsWith('node:') || name.startsWith('@jest/')) return undefined;
    if (path.isAbsolute(name)) return isShared(name) ? name : undefined;
    if (this._resolution.isCoreModule(name)) return undefined;
    try {
      const file = resolve();
      return /\.(c|m)?js$/.test(file) && isShared(file) ? file : undefined;
    } catch {
      return undefined; // Jest says what is missing
    }
  }
}

module.exports = RuntimeOfOneFile;
