import 'reflect-metadata';
import { startAlone } from '@concord/api';
import supplyChainApi from './api.js';

await startAlone(supplyChainApi);
