/**
 * @nestjs/throttler is CommonJS and requires Nest, which is made of ES modules: it may only be loaded when Nest has been
 * evaluated. A static import does not promise that (a test runner loads CommonJS before it evaluates anything); this does.
 */
import '@nestjs/core';
import { createRequire } from 'node:module';

type Throttler = typeof import('@nestjs/throttler');

export const { ThrottlerGuard } = createRequire(import.meta.url)('@nestjs/throttler') as Throttler;
