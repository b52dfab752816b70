#!/usr/bin/env bash
# esjc 2.6.0 (com.github.msemys:esjc): the Java stream of a stream's events says that it knows its size, which it does not.
#
# Expected (java.util.Spliterator): SIZED is said by who knows the number of elements exactly before the traversal; count() counts.
# Seen: streamEventsForward is SIZED with 9223372036854775807 elements until it has read. count() believes that, and asks the
#   server nothing; so does what makes room before it reads, as toList() and toArray() do. Reading one by one, and collect, are right.
# The output on 2026-11-30, with OpenJDK 17:
#> events, one by one: 3
#> count(): 9223372036854775807
#> limit(10).count(): 10
#> collected: 3
#
# Needs a JDK 17 and Maven 3.8.
set -euo pipefail

. "$(dirname "$0")/lib/vertx.sh"

cat >"$folder/Main.java" <<'JAVA'
import com.github.msemys.esjc.EventStore;
import com.github.msemys.esjc.EventStoreBuilder;
import com.github.msemys.esjc.proto.EventStoreClientMessages.EventRecord;
import com.github.msemys.esjc.proto.EventStoreClientMessages.ReadStreamEventsCompleted;
import com.github.msemys.esjc.proto.EventStoreClientMessages.ResolvedIndexedEvent;
import com.google.protobuf.ByteString;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

public class Main {

    private static final int EVENTS = 3;

    public static void main(String[] arguments) throws Exception {
        ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread serving = new Thread(() -> serve(server));
        serving.setDaemon(true);
        serving.start();
        EventStore store = EventStoreBuilder.newBuilder()
                .singleNodeAddress("127.0.0.1", server.getLocalPort())
                .build();
        AtomicLong seen = new AtomicLong();
        store.streamEventsForward("stream", 0, 10, false).forEach(event -> seen.incrementAndGet());
        System.out.println("events, one by one: " + seen);
        System.out.println("count(): " + store.streamEventsForward("stream", 0, 10, false).count());
        System.out.println("limit(10).count(): "
                + store.streamEventsForward("stream", 0, 10, false).limit(10).count());
        System.out.println("collected: "
                + store.streamEventsForward("stream", 0, 10, false).collect(Collectors.toList()).size());
        System.exit(0);
    }

    /** Length, command, flags, id of the conversation, payload; the length counts what follows it. */
    private static void serve(ServerSocket server) {
        try (Socket socket = server.accept()) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            while (true) {
                byte[] asked = in.readNBytes(Integer.reverseBytes(in.readInt()));
                int command = asked[0] & 0xff;
                byte[] payload = command == 0xb2 ? stream() : new byte[0];
                out.writeInt(Integer.reverseBytes(18 + payload.length));
                // What answers a heartbeat, a read and an identification is the next number.
                out.write(command + 1);
                out.write(0);
                out.write(asked, 2, 16);
                out.write(payload);
                out.flush();
            }
        } catch (IOException ended) {
            // The client has gone.
        }
    }

    private static byte[] stream() {
        ReadStreamEventsCompleted.Builder read = ReadStreamEventsCompleted.newBuilder()
                .setResult(ReadStreamEventsCompleted.ReadStreamResult.Success)
                .setNextEventNumber(EVENTS)
                .setLastEventNumber(EVENTS - 1)
                .setIsEndOfStream(true)
                .setLastCommitPosition(0);
        for (int number = 0; number < EVENTS; number++) {
            read.addEvents(ResolvedIndexedEvent.newBuilder()
                    .setEvent(EventRecord.newBuilder()
                            .setEventStreamId("stream")
                            .setEventNumber(number)
                            .setEventId(ByteString.copyFrom(new byte[16]))
                            .setEventType("type")
                            .setDataContentType(0)
                            .setMetadataContentType(0)
                            .setData(ByteString.EMPTY)));
        }
        return read.build().toByteArray();
    }
}
JAVA

run_with com.github.msemys:esjc:2.6.0
