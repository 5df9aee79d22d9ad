/* Viewers at their own pace: so many connections, each asks its own request every INTERVAL ms (P7). Latency counts from
 * the moment the request was due. usage: pace PORT REQUESTS INTERVAL_MS SECONDS STATUS; REQUESTS: a file of requests, each
 * ended by a line of "--". Prints JSON: rate, p50, p99 (ms), answers that were not STATUS. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct viewer { int fd, busy; int64_t due; char *request; size_t size; };

static int64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}
static int ascending(const void *a, const void *b) { return *(double *)a < *(double *)b ? -1 : *(double *)a > *(double *)b; }

int main(int argc, char **argv) {
    if (argc != 6) return 64;
    int64_t interval = atoll(argv[3]) * 1000000LL;
    double seconds = atof(argv[4]);
    struct rlimit files = {65536, 65536};
    setrlimit(RLIMIT_NOFILE, &files);
    FILE *file = fopen(argv[2], "r");
    if (!file) { perror(argv[2]); return 66; }
    struct viewer *viewers = NULL;
    size_t count = 0;
    char line[8192], request[8192] = "";
    while (fgets(line, sizeof line, file)) {
        if (strcmp(line, "--\n") == 0) {
            viewers = realloc(viewers, (count + 1) * sizeof *viewers);
            viewers[count++] = (struct viewer){.fd = -1, .request = strdup(request), .size = strlen(request)};
            request[0] = 0;
        } else {
            line[strcspn(line, "\n")] = 0;
            strcat(strcat(request, line), "\r\n");
        }
    }
    int poll = epoll_create1(0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1]))};
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    for (size_t i = 0; i < count; i++) {
        int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
        if (connect(fd, (struct sockaddr *)&address, sizeof address)) { perror("connect"); return 69; }
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &viewers[i]};
        epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
        viewers[i].fd = fd;
    }
    int64_t begin = now() + 200000000LL, end = begin + (int64_t)(seconds * 1e9);
    for (size_t i = 0; i < count; i++) viewers[i].due = begin + interval * (int64_t)i / (int64_t)count;
    size_t capacity = (size_t)(seconds * 1e9 / interval + 2) * count, taken = 0, wrong = 0, cursor = 0;
    double *latency = malloc(capacity * sizeof *latency);
    struct epoll_event events[512];
    char answer[65536];
    while (now() < end) {
        /* Viewers are in the order of their times: the cursor goes round. */
        int64_t t = now();
        while (viewers[cursor].due <= t) {
            struct viewer *viewer = &viewers[cursor];
            if (viewer->busy) break;
            viewer->busy = 1;
            if (send(viewer->fd, viewer->request, viewer->size, MSG_NOSIGNAL) < 0) wrong++;
            cursor = (cursor + 1) % count;
        }
        int64_t wait = viewers[cursor].busy ? 1000000 : viewers[cursor].due - now();
        struct timespec limit = {0, wait < 0 ? 0 : wait > 5000000 ? 5000000 : wait};
        int ready = epoll_pwait2(poll, events, 512, &limit, NULL);
        for (int i = 0; i < ready; i++) {
            struct viewer *viewer = events[i].data.ptr;
            ssize_t got = recv(viewer->fd, answer, sizeof answer - 1, 0);
            if (got <= 0) {
                epoll_ctl(poll, EPOLL_CTL_DEL, viewer->fd, NULL);
                wrong++;
                continue;
            }
            answer[got] = 0;
            if (strncmp(answer + 9, argv[5], 3) != 0) wrong++;
            if (taken < capacity) latency[taken++] = (now() - viewer->due) / 1e6;
            viewer->busy = 0;
            viewer->due += interval;
        }
    }
    if (taken == 0) { fprintf(stderr, "no answer\n"); return 1; }
    qsort(latency, taken, sizeof *latency, ascending);
    printf("{\"viewers\": %zu, \"per_s\": %.0f, \"p50_ms\": %.3f, \"p99_ms\": %.3f, \"wrong\": %zu}\n", count, taken / seconds,
           latency[taken / 2], latency[(size_t)(taken * 0.99)], wrong);
    return 0;
}
