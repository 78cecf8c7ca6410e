/** The package that adds ML-DSA to the command, as npm takes it. Other versions have other interfaces. */
export const mlDsaPackage = '@noble/post-quantum@0.7.1'
