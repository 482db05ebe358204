/** SNIP level 3 of claims. */
import type { Balance } from '../guide/guide.js';
import { numberOf, sumOf } from './decimal.js';

interface Claim {
  readonly claim: { readonly number: string; readonly charge: string };
  readonly lines: readonly {
    readonly service: { readonly charge: string; readonly diagnoses?: Readonly<Record<string, string | undefined>> };
  }[];
  readonly codes: readonly { readonly codes?: readonly { readonly qualifier: string }[] }[];
}

/** An 837, whatever its claims are looked at for. */
export interface Claims<C> {
  readonly providers: readonly {
    readonly subscribers: readonly {
      readonly claims?: readonly C[];
      readonly patients?: readonly { readonly claims?: readonly C[] }[];
    }[];
  }[];
}

const DIAGNOSES = /^(?:ABK|ABF|BK|BF)$/;

/** Those of the subscribers and those of their patients. */
export const claimsOf = <C>({ providers }: Claims<C>): C[] =>
  providers.flatMap(({ subscribers }) =>
    subscribers.flatMap(({ claims = [], patients = [] }) => [
      ...claims,
      ...patients.flatMap((one) => one.claims ?? []),
    ]),
  );

/** CLM02 is the sum of the line charges (SV102, or SV203), and a line points at diagnoses that the claim has. */
export const chargesAgree =
  (lineCharge: 'SV102' | 'SV203'): Balance<Claims<Claim>> =>
  (value, told) => {
    for (const { claim, lines, codes } of claimsOf(value)) {
      const where = `Claim ${claim.number}`;
      const sum = sumOf(lines.map(({ service }) => service.charge));
      if (!sum.equals(numberOf(claim.charge))) {
        const name = lineCharge === 'SV102' ? 'SV1-02' : 'SV2-03';
        const detail = `CLM-02 total charge ${numberOf(claim.charge).toFixed(2)} is not the sum of its service lines (${name}), ${sum.toFixed(2)}`;
        told({ rule: 'claim-charge', where, detail, pointer: 'CLM-02' });
      }
      const diagnoses = codes
        .flatMap((one) => one.codes ?? [])
        .filter(({ qualifier }) => DIAGNOSES.test(qualifier)).length;
      lines.forEach(({ service }, index) => {
        const beyond = Object.values(service.diagnoses ?? {}).find((at) => Number(at) > diagnoses || Number(at) < 1);
        if (beyond === undefined) return;
        const detail = `SV1-07 points at diagnosis ${beyond}, but the claim has ${diagnoses}`;
        told({ rule: 'diagnosis-pointer', where: `${where}, service line ${index + 1}`, detail, pointer: 'SV1-07' });
      });
    }
  };
