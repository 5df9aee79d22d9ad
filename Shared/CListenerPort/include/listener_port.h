// librdkafka's mock cluster always listens on port 0 (= any). This target defines `bind` for the whole executable and
// can give the listeners of the calling thread fixed ports, so that a restarted embedded broker is found again.
// Linked into EmbeddedBroker and the tests only, never into a service.
#pragma once
#include <stdint.h>

/// From now on, IPv4 binds to port 0 made by this thread get `port`, `port + 1`, … ; 0 = as usual again.
void listener_port_begin(uint16_t port);
