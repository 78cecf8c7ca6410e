/** A certificate that localhost signed for itself, valid for a hundred years; for tests alone. */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIBmjCCAUGgAwIBAgIUVLrvnWWuTpbYZOuNk6ff8CDZZJcwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjIzNTA0NVoYDzIxMjYxMDI5
MjM1MDQ1WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAT1VNCgDfnosVgtVBwg/ZzJsZ8K9AtYcaENJUlg+Y9zT42U5pEP30qQ
ezkgXwkhH9AiQWty4+BgJU2/XNkboEPKo28wbTAdBgNVHQ4EFgQUygHKdfLMIKgq
iebobuL9SXFEHJIwHwYDVR0jBBgwFoAUygHKdfLMIKgqiebobuL9SXFEHJIwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDRwAwRAIgEFqjHCNzniMNt44WVANU0e/YHv+5MRXmCY0bnTZMCyMCIGni
3TvSYurEQ8tX+TcIhNGqnfPI7Scteh03raO0Z2Qh
-----END CERTIFICATE-----
`

export const privateKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgNLbYXjHdPlzaGRi4
3C318Fc2DuVpar42wMJXC3B8tbahRANCAAT1VNCgDfnosVgtVBwg/ZzJsZ8K9AtY
caENJUlg+Y9zT42U5pEP30qQezkgXwkhH9AiQWty4+BgJU2/XNkboEPK
-----END PRIVATE KEY-----
`

/** SHA-256 of its public key, by `openssl pkey -pubin -outform der | openssl dgst -sha256`. */
export const publicKeyPin = 'nNRaloSrOp9cMgqbwdU28TUNfQoGrA1YtVBu5qlPp4Y='
