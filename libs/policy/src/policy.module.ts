/**
 * The policies of one API in their order: who calls, what for, where, and how often. Import it once into the API's root
 * module; every handler is then closed until its `EndpointPolicy` opens it.
 */
import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { POLICY_SETTINGS, type PolicySettings } from './policy.settings.js';
import { GcraStorage } from './rate-limit/gcra.storage.js';
import { RateLimitGuard } from './rate-limit/rate-limit.guard.js';
import { AccessGuard } from './token/access.guard.js';
import { ScopeGuard } from './token/scope.guard.js';
import { TokenGuard } from './token/token.guard.js';

@Module({})
class PolicyModule {}

export const policyModule = (settings: PolicySettings): DynamicModule => ({
  module: PolicyModule,
  providers: [
    { provide: POLICY_SETTINGS, useValue: settings },
    { provide: GcraStorage, useValue: new GcraStorage() }, // one for each API: what is used up here is not missing there
    { provide: APP_GUARD, useClass: TokenGuard },
    { provide: APP_GUARD, useClass: ScopeGuard },
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_GUARD, useClass: RateLimitGuard },
  ],
  exports: [POLICY_SETTINGS],
});
