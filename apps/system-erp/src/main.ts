import 'reflect-metadata';
import { startAlone } from '@concord/api';
import erpApi from './api.js';

await startAlone(erpApi);
