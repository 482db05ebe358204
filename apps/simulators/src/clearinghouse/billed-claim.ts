import type { InstitutionalClaims } from '@concord/x12';

/** What a payer looks at of a claim. */
export interface BilledClaim {
  readonly number: string;
  readonly charge: string;
  /** 1 original, 8 void. */
  readonly frequency: string;
  readonly payer: string;
  readonly memberId: string;
  readonly patient: { readonly name: string; readonly first: string };
  readonly provider: { readonly name: string; readonly npi: string };
  readonly lines: readonly {
    readonly number: string;
    readonly code: string;
    readonly revenueCode?: string;
    readonly charge: string;
    readonly units: string;
  }[];
}

export const claimsOf = ({ providers }: InstitutionalClaims): BilledClaim[] =>
  providers.flatMap(({ provider, subscribers }) =>
    subscribers.flatMap(({ subscriber, payer, claims = [] }) =>
      claims.map(({ claim, lines }) => ({
        number: claim.number,
        charge: claim.charge,
        frequency: claim.place?.frequency ?? '1',
        payer: payer.name.id ?? 'PAYER',
        memberId: subscriber.name.id ?? '',
        patient: { name: subscriber.name.name ?? '', first: subscriber.name.first ?? '' },
        provider: { name: provider.name.name ?? '', npi: provider.name.id ?? '' },
        lines: lines.map(({ line, service }) => ({
          number: line.number,
          // Where a hospital bills by revenue code alone, the payment names that.
          code: service.procedure?.code ?? service.revenueCode,
          revenueCode: service.revenueCode,
          charge: service.charge,
          units: service.quantity,
        })),
      })),
    ),
  );
