// librdkafka with its mock cluster. Variadic C functions are not importable: use the array forms (rd_kafka_produceva).
#pragma once
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
