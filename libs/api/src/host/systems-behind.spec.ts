import { Module } from '@nestjs/common';
import { withContext } from '@concord/observability';
import type { ApiDefinition } from '../definition.js';
import { configure } from '../configuration.js';
import { limitsConfig, openVendor, undated } from '../vendor.config.js';
import { systemsBehind } from './systems-behind.js';

@Module({})
class Nothing {}

const erp: ApiDefinition = {
  layer: 'system',
  name: 'erp',
  version: 1,
  title: 'ERP',
  description: 'Books',
  dataClass: 'finance',
  module: Nothing,
};
const clock = () => new Date('2026-11-22T07:30:00Z');
const erpWith = (environment: Record<string, string>) => systemsBehind([erp], clock, environment)('system/erp');

test('what the owner of a system allows is said by the environment', async () => {
  const vendor = erpWith({ ERP_CALLS_PER_MINUTE: '6', ERP_CALLS_AT_ONCE: '3', ERP_RETRY_SHARE: '0.05' });
  await withContext({ priority: 'care' }, () => vendor.run('journal-entries', async () => 'posted'));
  expect(vendor.health()).toMatchObject({ callsPerMinute: 6, callsLastMinute: 1 });
  const early = vendor.run('journal-entries', async () => 'posted');
  await expect(early).rejects.toMatchObject({ slug: 'upstream-unavailable', context: { fallback: 'queue' } });
});

test('no call is made in a maintenance window', async () => {
  const vendor = erpWith({ ERP_MAINTENANCE: 'Sun 02:00-04:00 America/New_York' });
  const call = vendor.run('journal-entries', async () => 'posted');
  await expect(call).rejects.toMatchObject({ slug: 'upstream-unavailable', retryAfter: 5400 });
});

test('what cannot be used is named at the start', () => {
  expect(() => erpWith({ ERP_CALLS_PER_MINUTE: 'many' })).toThrow('ERP_CALLS_PER_MINUTE must be a number above 0');
  expect(() => erpWith({ ERP_RETRY_SHARE: '2' })).toThrow('ERP_RETRY_SHARE must be a number above 0, 1 at most');
  expect(() => erpWith({ ERP_MAINTENANCE: 'at night' })).toThrow('"at night" is no window');
});

test('what cannot be used of a system behind is named at the start, all at once', () => {
  const Limits = limitsConfig('SPEC_VENDOR', 'the vendor of this specification');
  const settings = {
    SPEC_VENDOR_CALLS_PER_MINUTE: '-1',
    SPEC_VENDOR_CALLS_AT_ONCE: 'many',
    SPEC_VENDOR_RETRY_SHARE: '2',
    SPEC_VENDOR_MAINTENANCE: 'Sun 02:00-04:00 Mars/Olympus',
    SPEC_VENDOR_PROBE_SECONDS: '0',
  };
  for (const [name, value] of Object.entries(settings)) {
    expect(() => configure(Limits, { [name]: value })).toThrow(`${name} `);
  }
  expect(() => configure(Limits, settings)).toThrow('there is no time zone Mars/Olympus; SPEC_VENDOR_PROBE_SECONDS');
});

test('a vendor keeps to its limits, and a secret is known by nothing that could be used', async () => {
  const Limits = limitsConfig('SPEC_LIMITED', 'another vendor of this specification', { callsAtOnce: 2 });
  const limits = configure(Limits, { SPEC_LIMITED_CALLS_PER_MINUTE: '6' });
  expect(limits.callsAtOnce).toBe(2);
  const vendor = openVendor('spec-limited', 'system/erp', limits);
  vendor.credential(undated('password', 'a secret of this specification'));
  await vendor.run('orders', async () => 'ordered');
  expect(vendor.health()).toMatchObject({ apis: ['system/erp'], callsPerMinute: 6, callsLastMinute: 1 });
  const early = vendor.run('orders', async () => 'ordered');
  await expect(early).rejects.toMatchObject({ context: { stoppedBy: 'bulkhead' } });
  expect(JSON.stringify(vendor.health())).not.toContain('a secret');
  vendor.close();
});
