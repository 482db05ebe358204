import 'reflect-metadata';
import { startAlone } from '@concord/api';
import ehrApi from './api.js';

await startAlone(ehrApi);
