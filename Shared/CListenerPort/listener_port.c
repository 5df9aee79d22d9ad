#define _GNU_SOURCE
#include "listener_port.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static __thread uint16_t next_port;
static __thread struct in_addr listen_address;
static atomic_bool turned_away;

void listener_port_begin(uint16_t port) { next_port = port; }

bool listener_address_set(const char *text) {
    listen_address.s_addr = 0;
    return text == NULL || inet_pton(AF_INET, text, &listen_address) == 1;
}

void listener_turn_away(bool yes) { atomic_store(&turned_away, yes); }

int accept(int descriptor, struct sockaddr *restrict address, socklen_t *restrict length) {
    if (atomic_load(&turned_away)) {
        errno = EAGAIN;
        return -1;
    }
    return (int)syscall(SYS_accept4, descriptor, address, length, 0);
}

// The executable's own definition comes before libc's in the dynamic linker's search, also for librdkafka's calls.
int bind(int descriptor, const struct sockaddr *address, socklen_t length) {
    struct sockaddr_in fixed;
    if (next_port != 0 && length >= sizeof fixed && address->sa_family == AF_INET) {
        memcpy(&fixed, address, sizeof fixed);
        if (fixed.sin_port == 0) {
            int one = 1;
            // Connections of the broker's previous life may still be in TIME_WAIT.
            setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
            fixed.sin_port = htons(next_port++);
            if (listen_address.s_addr != 0) fixed.sin_addr = listen_address;
            address = (const struct sockaddr *)&fixed;
            length = sizeof fixed;
        }
    }
    return (int)syscall(SYS_bind, descriptor, address, length);
}
