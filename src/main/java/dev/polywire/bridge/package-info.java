/**
 * The strict door for other languages: the wire format of the Vert.x TCP event bus bridge, with everything from outside
 * checked, bounded and answered. Start with {@link dev.polywire.bridge.TcpBridgeVerticle}; the bytes are in
 * {@code BridgeMachine}, the fields in {@code FrameJson}, and what a client may do in
 * {@link dev.polywire.bridge.Permissions}.
 *
 * <pre>
 *   client   | length: 4 bytes, big endian | {"type":"send","address":...,"replyAddress":...,"headers":{...},"body":{...}} |
 *   bridge   | length                      | {"type":"message","address":replyAddress,"headers":{...},"send":true,"body":...} |
 * </pre>
 */
@NullMarked
package dev.polywire.bridge;

import org.jspecify.annotations.NullMarked;
