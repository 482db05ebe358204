/**
 * What every connector for human capital management must do, whatever stands behind it; what it does not declare as a
 * capability it must refuse. A connector's own spec calls this with one that is connected to a target it may write to.
 */
import { changeConformance } from './conformance/change.conformance.js';
import { laborConformance } from './conformance/labor.conformance.js';
import { lifecycleConformance } from './conformance/lifecycle.conformance.js';
import { readConformance } from './conformance/read.conformance.js';
import type { HcmTarget } from './conformance/target.js';

export function connectorConformance(name: string, target: () => HcmTarget): void {
  readConformance(name, target);
  changeConformance(name, target);
  lifecycleConformance(name, target);
  laborConformance(name, target);
}
