import 'reflect-metadata';
import { startAlone } from '@concord/api';
import revenueCycleApi from './api.js';

await startAlone(revenueCycleApi);
