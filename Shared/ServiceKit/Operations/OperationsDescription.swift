/// The operator's routes in OpenAPI: the same in every service, so they are written once and put into each document.
enum OperationsDescription {
    /// The document with the common paths after its own `paths:` line.
    static func adding(to document: String, prefix: String) -> String {
        guard let line = document.range(of: "\npaths:\n") else { return document }
        return document.replacingCharacters(in: line, with: "\npaths:\n" + paths(prefix))
    }

    private static func paths(_ prefix: String) -> String {
        """
          \(prefix)/operations:
            get:
              operationId: showOperations
              summary: The operator's page, for browsers.
              responses:
                "200": { description: The page., content: { text/html: { schema: { type: string } } } }
                default:
                  description: Refused.
                  content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
          \(prefix)/v1/operations:
            get:
              operationId: readOperations
              summary: State of the service for its operator (运行状态).
              responses:
                "200":
                  description: The state now.
                  content:
                    application/json:
                      schema:
                        type: object
                        required: [service, ready, checks, journal, dead_letters, parked_keys]
                        properties:
                          service: { type: string }
                          ready: { type: boolean }
                          checks:
                            type: object
                            additionalProperties:
                              type: object
                              required: [ok, detail]
                              properties: { ok: { type: boolean }, detail: { type: string } }
                          journal:
                            type: object
                            required: [newest_position, pending, signed_size]
                            properties:
                              newest_position: { type: integer }
                              pending: { type: integer, description: Entries that are not on the topics yet. }
                              signed_size: { type: integer }
                              signed_at: { type: string, format: date-time }
                          dead_letters: { type: integer }
                          parked_keys: { type: integer }
                          archive:
                            type: object
                            description: Postgres' WAL archive; absent where archiving is off.
                            required: [is_failing]
                            properties:
                              last_archived_at: { type: string, format: date-time }
                              last_failed_at: { type: string, format: date-time }
                              is_failing: { type: boolean }
                default:
                  description: Refused.
                  content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
          \(prefix)/operations/dead-letters/{id}:
            post:
              operationId: replayDeadLetter
              summary: Handles what was set aside again, with all that wait behind it.
              parameters: [{ name: id, in: path, required: true, schema: { type: integer, minimum: 1 } }]
              responses:
                "200":
                  description: Done.
                  content:
                    application/json:
                      schema:
                        type: object
                        required: [what, outcome]
                        properties: { what: { type: string }, outcome: { type: string } }
                "303": { description: Done, for browsers. }
                default:
                  description: Refused.
                  content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
          \(prefix)/operations/parked-keys:
            post:
              operationId: releaseParkedKey
              summary: Lets the relay send the entries of a key again that the broker had refused.
              requestBody:
                required: true
                content:
                  application/json:
                    schema:
                      type: object
                      required: [topic, partition_key]
                      properties:
                        topic: { type: string, minLength: 1, maxLength: 249 }
                        partition_key: { type: string, maxLength: 512 }
              responses:
                "200":
                  description: Released.
                  content:
                    application/json:
                      schema:
                        type: object
                        required: [what, outcome]
                        properties: { what: { type: string }, outcome: { type: string } }
                "303": { description: Released, for browsers. }
                default:
                  description: Refused.
                  content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }

        """
    }
}
