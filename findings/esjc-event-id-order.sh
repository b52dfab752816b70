#!/usr/bin/env bash
# esjc 2.6.0 (com.github.msemys:esjc): ids of events have another byte order on the wire than those of EventStore and .NET's client.
#
# Expected (EventStore's protocol, .NET's Guid.ToByteArray): the first three groups little endian. So HTTP,
#   the web page of EventStore, projections and clients of .NET show the id that the application has.
# Seen: esjc writes and reads the 16 bytes in the order of the text. With itself it agrees; everybody
#   else sees an event of esjc under another id, and esjc sees theirs so. Whoever looks an event up by its id, or takes one over
#   from a client to another, does not find it.
# The output on 2026-12-01, with OpenJDK 17:
#> id:                  7a8c472c-c92e-4520-990d-a749f6020ba1
#> esjc:                7a8c472cc92e4520990da749f6020ba1
#> of .NET's order:     2c478c7a2ec92045990da749f6020ba1
#> a server shows:      2c478c7a-2ec9-2045-990d-a749f6020ba1
#
# Needs a JDK 17 and Maven 3.8.
set -euo pipefail

. "$(dirname "$0")/lib/vertx.sh"

cat >"$folder/Main.java" <<'JAVA'
import com.github.msemys.esjc.EventData;
import com.github.msemys.esjc.EventStore;
import com.github.msemys.esjc.EventStoreBuilder;
import com.github.msemys.esjc.ExpectedVersion;
import com.github.msemys.esjc.proto.EventStoreClientMessages.OperationResult;
import com.github.msemys.esjc.proto.EventStoreClientMessages.WriteEvents;
import com.github.msemys.esjc.proto.EventStoreClientMessages.WriteEventsCompleted;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

public class Main {

    private static final UUID ID = UUID.fromString("7a8c472c-c92e-4520-990d-a749f6020ba1");
    private static final CompletableFuture<byte[]> SEEN = new CompletableFuture<>();

    public static void main(String[] arguments) throws Exception {
        ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread serving = new Thread(() -> serve(server));
        serving.setDaemon(true);
        serving.start();
        EventStore store = EventStoreBuilder.newBuilder()
                .singleNodeAddress("127.0.0.1", server.getLocalPort())
                .build();
        store.appendToStream("stream", ExpectedVersion.ANY, Arrays.asList(
                        EventData.newBuilder().eventId(ID).type("type").jsonData("{}").build()))
                .get();
        byte[] seen = SEEN.get();
        System.out.println("id:                  " + ID);
        System.out.println("esjc:                " + HexFormat.of().formatHex(seen));
        System.out.println("of .NET's order:     " + HexFormat.of().formatHex(dotNet(ID)));
        System.out.println("a server shows:      " + read(seen));
        System.exit(0);
    }

    private static byte[] dotNet(UUID id) {
        ByteBuffer text = ByteBuffer.allocate(16).putLong(id.getMostSignificantBits());
        ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(text.getInt(0)).putShort(text.getShort(4)).putShort(text.getShort(6));
        return bytes.order(ByteOrder.BIG_ENDIAN).putLong(id.getLeastSignificantBits()).array();
    }

    private static UUID read(byte[] seen) {
        ByteBuffer bytes = ByteBuffer.wrap(seen).order(ByteOrder.LITTLE_ENDIAN);
        long high = (bytes.getInt() & 0xffffffffL) << 32 | (bytes.getShort() & 0xffffL) << 16 | bytes.getShort() & 0xffffL;
        return new UUID(high, bytes.order(ByteOrder.BIG_ENDIAN).getLong());
    }

    /** Length, command, flags, id of the conversation, payload; the length counts what follows it. */
    private static void serve(ServerSocket server) {
        try (Socket socket = server.accept()) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            while (true) {
                byte[] asked = in.readNBytes(Integer.reverseBytes(in.readInt()));
                int command = asked[0] & 0xff;
                byte[] payload = command == 0x82 ? written(Arrays.copyOfRange(asked, 18, asked.length)) : new byte[0];
                out.writeInt(Integer.reverseBytes(18 + payload.length));
                // What answers a heartbeat, a write and an identification is the next number.
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

    private static byte[] written(byte[] payload) throws IOException {
        SEEN.complete(WriteEvents.parseFrom(payload).getEvents(0).getEventId().toByteArray());
        return WriteEventsCompleted.newBuilder()
                .setResult(OperationResult.Success)
                .setFirstEventNumber(0)
                .setLastEventNumber(0)
                .build()
                .toByteArray();
    }
}
JAVA

run_with com.github.msemys:esjc:2.6.0
