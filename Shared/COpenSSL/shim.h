// OpenSSL's libcrypto as Swift sees it: the high-level EVP interface, for SM2 and SM3 (商密).
#pragma once
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
