/**
 * The strict door for other languages: the wire format of the Vert.x TCP event bus bridge, with everything from outside
 * checked, bounded and answered. Start with {@link dev.polywire.bridge.TcpBridgeVerticle}; the bytes are in
 * {@code BridgeMachine}, the fields in {@code FrameJson}, who may come in is in {@code Clients}, what they may do in
 * {@code Permissions}. docs/bridge.md shows it from outside.
 *
 * <pre>
 *   client   | length: 4 bytes, big endian | {"type":"send","address":...,"replyAddress":...,"headers":{...},"body":{...}} |
 *   bridge   | length                      | {"type":"message","address":replyAddress,"headers":{...},"send":true,"body":...} |
 *
 *   socket - BridgeMachine - BridgeConnection - BusCalls        what the client asks, and the handles it opened
 *                                             - Registrations   what it serves and listens to
 *                                             - ServedRequests  what it is asked
 *                                             - Outbox          what it is told, bounded by ByteBudget
 * </pre>
 */
@NullMarked
package dev.polywire.bridge;

import org.jspecify.annotations.NullMarked;
