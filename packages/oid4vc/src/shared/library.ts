import { setGlobalConfig } from '@openid4vc/oauth2';

// The library knows one switch for plain http, for the whole process, and refuses http on loopback without it.
// It is opened here once. The rule itself stands in url.ts, is stricter (http only on loopback and only where the
// caller allows it), and is applied to every URL before it is used; the injected fetch checks again.
setGlobalConfig({ allowInsecureUrls: true });

export { clientAuthenticationAnonymous, preAuthorizedCodeGrantIdentifier } from '@openid4vc/oauth2';
export { Openid4vciClient, Openid4vciIssuer } from '@openid4vc/openid4vci';
export { parseOpenid4vpAuthorizationRequest } from '@openid4vc/openid4vp';
