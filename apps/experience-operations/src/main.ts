import 'reflect-metadata';
import { startAlone } from '@concord/api';
import operationsApi from './api.js';

await startAlone(operationsApi);
