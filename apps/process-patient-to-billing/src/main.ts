import 'reflect-metadata';
import { startAlone } from '@concord/api';
import { workflowPart } from '@concord/workflow';
import patientToBillingApi from './api.js';

const CALLED = ['system/ehr', 'system/erp', 'system/hcm', 'system/supply-chain', 'system/revenue-cycle'];

await startAlone(patientToBillingApi, [workflowPart(CALLED)]);
