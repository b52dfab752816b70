package dev.polywire.mongodb.wire;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.bson.BsonBinaryReader;
import org.bson.BsonBinaryWriter;
import org.bson.BsonType;
import org.jspecify.annotations.Nullable;

/** The hello as OP_MSG: the first message of a connection, and a question later. Servers of every age know it as isMaster. */
public final class HelloCommand {

    /** What it is called, and was called before; servers know no other spelling. */
    public static final Set<String> NAMES = Set.of("hello", "isMaster", "ismaster");

    /** More than any client has; those behind are not read. */
    private static final int MAX_COMPRESSORS = 32;

    private HelloCommand() {}

    /**
     * A question later: the client is named only once.
     *
     * @param hello {@code {hello: 1, $db: "admin"}}, for servers that have it; else {@code {isMaster: 1, helloOk: true, ..}}
     */
    public static Buffer again(boolean hello) {
        return write(hello, out -> {});
    }

    /**
     * A question that is answered when something has changed, or after a while: it waits at the server (server monitoring
     * specification, Awaitable hello). Its wait is an int64 there; pymongo and Node send an int32, which servers take, too.
     *
     * @param hello as in {@link #again(boolean)}
     * @param topologyVersion of the last answer, as received
     * @param maxAwaitTimeMillis how long it waits at most
     */
    public static Buffer again(boolean hello, Buffer topologyVersion, long maxAwaitTimeMillis) {
        return write(hello, out -> {
            out.writeName("topologyVersion");
            BsonOut.whole(out, topologyVersion);
            out.writeInt64("maxAwaitTimeMS", maxAwaitTimeMillis);
        });
    }

    /**
     * The first message of a connection, without {@code apiVersion}.
     *
     * <pre>
     *   {isMaster: 1, helloOk: true, client: {..}, compression: [..], backpressure: "2", [the login's fields,] $db: "admin"}
     * </pre>
     *
     * @param login null: there is none
     */
    static Buffer first(MongoClientOptions options, @Nullable MongoLogin login) {
        // The name of old, unless a Stable API is declared: that has only hello.
        return write(options.serverApi() != null, out -> {
            out.writeName("client");
            BsonOut.whole(out, options.client().document());
            out.writeStartArray("compression");
            Compressors.names(options.compressors()).forEach(out::writeString);
            out.writeEndArray();
            out.writeString("backpressure", "2");
            if (login != null) {
                login.writeTo(out);
            }
        });
    }

    /**
     * The compressors that a client offers; none when it says nothing of them, or not as an array of strings.
     *
     * @param checked a hello that has passed {@link BsonBounds#check}
     */
    public static List<String> compression(Buffer checked) {
        try (BsonBinaryReader in = BsonFields.reader(checked)) {
            in.readStartDocument();
            while (in.readBsonType() != BsonType.END_OF_DOCUMENT) {
                if (in.readName().equals("compression") && in.getCurrentBsonType() == BsonType.ARRAY) {
                    return texts(in);
                }
                in.skipValue();
            }
            return List.of();
        }
    }

    private static List<String> texts(BsonBinaryReader in) {
        List<String> texts = new ArrayList<>();
        in.readStartArray();
        while (in.readBsonType() != BsonType.END_OF_DOCUMENT && texts.size() < MAX_COMPRESSORS) {
            if (in.getCurrentBsonType() == BsonType.STRING) {
                texts.add(in.readString());
            } else {
                in.skipValue();
            }
        }
        return texts;
    }

    private static Buffer write(boolean hello, Consumer<BsonBinaryWriter> more) {
        return BsonOut.document(out -> {
            if (hello) {
                out.writeInt32("hello", 1);
            } else {
                out.writeInt32("isMaster", 1);
                out.writeBoolean("helloOk", true);
            }
            more.accept(out);
            out.writeString("$db", "admin");
        });
    }
}
