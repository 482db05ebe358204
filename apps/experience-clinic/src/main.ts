import 'reflect-metadata';
import { startAlone } from '@concord/api';
import clinicApi from './api.js';

await startAlone(clinicApi);
