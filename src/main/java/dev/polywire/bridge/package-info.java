/**
 * The strict bridge for other languages: the wire format of the Vert.x TCP event bus bridge, with all input
 * checked, bounded and answered. Start with {@link dev.polywire.bridge.TcpBridgeVerticle}; the bytes are in
 * {@code BridgeMachine}, the fields in {@code FrameJson}, the clients in {@code Clients}, their permissions in
 * {@code Permissions}. docs/bridge.md describes it for its clients.
 *
 * <pre>
 *   client   | length: 4 bytes, big endian | {"type":"send","address":...,"replyAddress":...,"headers":{...},"body":{...}} |
 *   bridge   | length                      | {"type":"message","address":replyAddress,"headers":{...},"send":true,"body":...} |
 *
 *   socket - BridgeMachine - BridgeConnection - BusCalls        the client's requests, and its open handles
 *                                             - Registrations   the addresses it serves and listens to
 *                                             - ServedRequests  the requests it answers
 *                                             - Outbox          its output, bounded
 * </pre>
 */
@NullMarked
package dev.polywire.bridge;

import org.jspecify.annotations.NullMarked;
