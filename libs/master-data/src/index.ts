export { Crosswalks, masterDataMigrations, type CrosswalkEntry } from './crosswalks.js';
