// How many encounters a second are read from FHIR bundles and mapped, on one core: parsing, checking, references, mapping.
// Synthetic bundles, or those of --fhir-dir.
import fs from 'node:fs';
import path from 'node:path';

const WARM_UP_MS = 1000;
const MEASURED_MS = 4000;

export async function benchFhirMapping({ folder } = {}) {
  const { encounterBundle } = await import('../../dist/libs/testing/src/index.js');
  const { changesOf } = await import('../../dist/apps/system-ehr/src/connectors/fhir/fhir.changes.js');
  const { encounterOf } = await import('../../dist/apps/system-ehr/src/connectors/encounter.mapping.js');
  const texts = folder
    ? fs.readdirSync(folder).map((file) => fs.readFileSync(path.join(folder, file), 'utf8'))
    : Array.from({ length: 200 }, (_, i) =>
        JSON.stringify(encounterBundle(`bench-${i}`, { procedures: ['73761001'], immunizations: ['140'] }).bundle),
      );

  /** Maps every encounter of a bundle; answers how many there were. */
  const map = (text) => {
    const parts = new Map();
    for (const { encounterId, body } of changesOf(JSON.parse(text))) {
      if (encounterId === undefined || !body) continue;
      const own = parts.get(encounterId);
      if (own) own.push(body);
      else parts.set(encounterId, [body]);
    }
    for (const [id, own] of parts) encounterOf({ id, parts: own, mentioned: new Map() });
    return parts.size;
  };
  const run = (ms) => {
    const began = performance.now();
    let [encounters, bytes] = [0, 0];
    while (performance.now() - began < ms) {
      for (const text of texts) {
        encounters += map(text);
        bytes += text.length;
      }
    }
    const seconds = (performance.now() - began) / 1000;
    return { perSecond: Math.round(encounters / seconds), megabytes: (bytes / seconds / 1e6).toFixed(1) };
  };
  run(WARM_UP_MS);
  const { perSecond, megabytes } = run(MEASURED_MS);
  console.log(`fhir        ${perSecond} encounters/s mapped from bundles, ${megabytes} MB/s, on one core`);
}
