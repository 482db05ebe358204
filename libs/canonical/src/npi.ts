/** A National Provider Identifier: ten digits, the last of which is the check digit of ISO 7812 over 80840 and the nine before (45 CFR 162.406). */
export function isNpi(npi: string): boolean {
  if (!/^\d{10}$/.test(npi)) return false;
  const digits = [...`80840${npi}`].reverse().map(Number);
  const weighed = digits.map((digit, i) => (i % 2 === 0 ? digit : digit * 2 > 9 ? digit * 2 - 9 : digit * 2));
  return weighed.reduce((all, digit) => all + digit, 0) % 10 === 0;
}
