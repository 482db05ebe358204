/** Which payers are reached through which partner. */
const ENTRY = /^([a-z][a-z0-9-]{0,30})=(\*|[A-Za-z0-9._:-]+(?:\+[A-Za-z0-9._:-]+)*)$/;

export interface PayerRoutes {
  /** The partners, in the order of the setting. */
  readonly partners: readonly string[];
  /** The partner through which a payer is reached; undefined where none is named. */
  partnerOf(payer: string): string | undefined;
}

/** Throws an error that names what cannot be used: an entry, a partner or a payer that comes twice. */
export function payerRoutes(text: string): PayerRoutes {
  const partners: string[] = [];
  const routes = new Map<string, string>();
  for (const entry of text.split(',').map((part) => part.trim())) {
    const [, partner, payers] = ENTRY.exec(entry) ?? fault(`has an entry that is not like clearinghouse=*: ${entry}`);
    if (partners.includes(partner!)) fault(`names ${partner} twice`);
    partners.push(partner!);
    for (const payer of payers!.split('+')) {
      if (routes.has(payer)) fault(`names the payer ${payer} twice`);
      routes.set(payer, partner!);
    }
  }
  return { partners, partnerOf: (payer) => routes.get(payer) ?? routes.get('*') };
}

function fault(why: string): never {
  throw new Error(`CLAIMS_PARTNERS ${why}`);
}
