import 'reflect-metadata';
import { startAlone } from '@concord/api';
import financeApi from './api.js';

await startAlone(financeApi);
