/** What a newcomer sees last at start-up: where things are, and a request that works when it is pasted. */
export const greeting = (url: string): string => `
APIs and documentation   ${url}/docs
Catalogue                ${url}/.well-known/api-catalog
Health                   ${url}/health/ready

A first request, ready to paste:

TOKEN=$(curl -s -u operations:demo-operations ${url}/oauth/token \\
  -d grant_type=client_credentials -d resource=${url}/experience/operations \\
  | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
curl -s -H "Authorization: Bearer $TOKEN" ${url}/experience/operations/v1/runs

Ctrl-C stops everything.
`;
