import 'reflect-metadata';
import { startAlone } from '@concord/api';
import hcmApi from './api.js';

await startAlone(hcmApi);
