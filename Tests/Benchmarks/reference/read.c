/* Limit of P5: an event loop that answers GET /record/<id> and GET /list from Postgres, all requests that are ready in one
 * pipeline. usage: read PORT CONNINFO; two processes. Tables: bench_doc(id, body), bench_row(place, body). */
#include <arpa/inet.h>
#include <errno.h>
#include <libpq-fe.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAXIMUM = 4096, BUFFER = 4096 };
struct client { int fd; size_t used; char text[BUFFER]; };
struct asked { struct client *client; int list; };

static void send_all(int fd, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t sent = send(fd, bytes, count, MSG_NOSIGNAL);
        if (sent < 0 && errno == EAGAIN) continue;
        if (sent <= 0) return;
        bytes += sent;
        count -= sent;
    }
}

/* Takes the answer of one query; the client gets it as JSON. */
static void answer(PGconn *db, struct asked *asked) {
    static char text[1 << 20];
    PGresult *result = PQgetResult(db);
    if (PQresultStatus(result) != PGRES_TUPLES_OK) { fprintf(stderr, "%s\n", PQerrorMessage(db)); exit(1); }
    char *body = text + 256, *end = body;
    int rows = PQntuples(result);
    if (asked->list) *end++ = '[';
    for (int row = 0; row < rows; row++) {
        if (row > 0) *end++ = ',';
        size_t length = PQgetlength(result, row, 0);
        memcpy(end, PQgetvalue(result, row, 0), length);
        end += length;
    }
    if (asked->list) *end++ = ']';
    PQclear(result);
    while ((result = PQgetResult(db))) PQclear(result);
    char head[256];
    int size = snprintf(head, sizeof head, "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
                        rows ? "200 OK" : "404 Not Found", (size_t)(end - body));
    memcpy(body - size, head, size);
    send_all(asked->client->fd, body - size, end - body + size);
}

static void serve(int listener, const char *conninfo) {
    PGconn *db = PQconnectdb(conninfo);
    if (PQstatus(db) != CONNECTION_OK) { fprintf(stderr, "%s", PQerrorMessage(db)); exit(1); }
    PQclear(PQprepare(db, "record", "SELECT body FROM bench_doc WHERE id = $1", 1, NULL));
    PQclear(PQprepare(db, "list", "SELECT body FROM bench_row ORDER BY place LIMIT 20", 0, NULL));
    PQenterPipelineMode(db);
    int poll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL}, events[256];
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
    static struct asked asked[MAXIMUM];
    for (;;) {
        int ready = epoll_wait(poll, events, 256, -1), count = 0;
        for (int i = 0; i < ready; i++) {
            struct client *client = events[i].data.ptr;
            if (!client) {
                int fd = accept(listener, NULL, NULL), one = 1;
                if (fd < 0) continue;
                setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                client = calloc(1, sizeof *client);
                client->fd = fd;
                event.data.ptr = client;
                epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
                continue;
            }
            ssize_t got = recv(client->fd, client->text + client->used, BUFFER - 1 - client->used, MSG_DONTWAIT);
            if (got <= 0) {
                if (got < 0 && errno == EAGAIN) continue;
                close(client->fd);
                free(client);
                continue;
            }
            client->used += got;
            client->text[client->used] = 0;
            char *end;
            while ((end = strstr(client->text, "\r\n\r\n")) && count < MAXIMUM) {
                char id[128] = "";
                int isList = strncmp(client->text, "GET /list", 9) == 0;
                if (!isList) sscanf(client->text, "GET /record/%127[^ ?]", id);
                const char *values[1] = {id};
                if (isList) PQsendQueryPrepared(db, "list", 0, NULL, NULL, NULL, 0);
                else PQsendQueryPrepared(db, "record", 1, values, NULL, NULL, 0);
                asked[count++] = (struct asked){client, isList};
                client->used -= end + 4 - client->text;
                memmove(client->text, end + 4, client->used + 1);
            }
        }
        if (count == 0) continue;
        PQpipelineSync(db);
        for (int i = 0; i < count; i++) answer(db, &asked[i]);
        PQclear(PQgetResult(db));
    }
}

int main(int argc, char **argv) {
    if (argc != 3) return 64;
    for (int process = 0; process < 2; process++) {
        if (fork() != 0) continue;
        int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
        setsockopt(listener, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one);
        struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1]))};
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
        if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 1024)) return 1;
        serve(listener, argv[2]);
    }
    while (wait(NULL) > 0) {}
    return 0;
}
