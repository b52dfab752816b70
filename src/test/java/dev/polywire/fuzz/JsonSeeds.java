package dev.polywire.fuzz;

import dev.polywire.testing.AbuseVectors;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.stream.Stream;

/** JSON, right and wrong. */
public final class JsonSeeds {

    private static final int LENGTH_BYTES = 4;

    private JsonSeeds() {}

    /** Documents in UTF-8, or nearly so. */
    public static Stream<Buffer> all() {
        return Stream.of(
                        texts().map(Buffer::buffer),
                        Stream.of("22eda08022", "22c08022", "ff", "efbbbf7b7d", "7b007d00", "00007b")
                                .map(Vectors::bytes),
                        Stream.of("tcp-bridge", "smart-connection")
                                .flatMap(protocol -> AbuseVectors.of(protocol).all().stream())
                                .map(AbuseVectors.AbuseVector::bytes)
                                .filter(frame -> frame.length() > LENGTH_BYTES)
                                .map(frame -> frame.getBuffer(LENGTH_BYTES, frame.length())))
                .flatMap(each -> each);
    }

    /** Typed values of all protocols, and what is none. */
    public static Stream<String> texts() {
        return Stream.of(
                "null",
                " [true , false,null]",
                "[0,-0,7,-7,9007199254740993,9223372036854775808,1.5,-0.0,1e3,1E-400,1e400]",
                "{\"a\":{\"b\":[{\"c\":\"\\u00e9\\n\\\"\\\\\"}]},\"a \":1}",
                "{\"a\":1,\"a\":2}",
                "[[[[[[]]]]]]",
                "[1,]",
                "{} {}",
                "\"\\ud83d\\ude00 \\ud83d\"",
                "{\"\\ud83d\":1}",
                "{\"$int\":\"9007199254740993\"}",
                "{\"$float\":\"-Infinity\"}",
                "{\"$bytes\":\"AP8=\"}",
                "[{\"$tuple\":[1,{\"$set\":[2,\"x\"]}]},{\"$dict\":[[1,2],[null,{\"$dict\":[]}]]}]",
                "{\"$dict\":[[\"a\",1],[\"a\",2]]}",
                "{\"$dict\":[[1,1],[\"a\",2],[\"a\",3],[1,4]]}",
                "{\"$tag\":[0,{\"$tag\":[258,[1]]}]}",
                "{\"$oid\":\"0102030405060708090a0b0c\"}");
    }
}
