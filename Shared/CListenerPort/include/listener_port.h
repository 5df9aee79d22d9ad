// librdkafka's mock cluster always listens on port 0 (= any). This target defines `bind` for the whole executable and
// can give the listeners of the calling thread fixed ports, so that a restarted embedded broker is found again.
// Linked into EmbeddedBroker and the tests only, never into a service.
#pragma once
#include <stdbool.h>
#include <stdint.h>

/// From now on, IPv4 binds to port 0 made by this thread get `port`, `port + 1`, … ; 0 = as usual again.
void listener_port_begin(uint16_t port);

/// Those binds listen on this IPv4 address instead of loopback, and the mock cluster tells its clients so; NULL = loopback again.
/// False when the text is no address.
bool listener_address_set(const char *text);
