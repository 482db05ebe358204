import type { ODataErpConfig } from '../odata.config.js';
import type { Profile } from '../profile.js';
import { healthErp } from './health-erp.profile.js';

export const PROFILES: Readonly<Record<ODataErpConfig['profile'], Profile>> = { 'health-erp': healthErp };
