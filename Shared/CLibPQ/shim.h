// libpq as Swift sees it: the plain client header, nothing variadic is needed.
#pragma once
#include <postgresql/libpq-fe.h>
