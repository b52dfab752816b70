package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What official drivers and a server sent is read, understood as the recorder understood it, and written to the same bytes. */
class MongoTranscriptTest {

    private static final int LIMIT = MessageHeader.MAX_MESSAGE_BYTES;
    /** Of the version that the files leave out. */
    private static final int KERNEL_CHARS = 15;

    private static Stream<MongoTranscript.Spoken> withBytes() {
        return MongoTranscript.everything().filter(each -> !each.isInWordsOnly());
    }

    private static Stream<MongoTranscript.Spoken> compressed() {
        return withBytes().filter(each -> message(each.frame()) instanceof OpCompressed);
    }

    private static MongoMessage message(Buffer frame) {
        return MongoMessage.read(MessageHeader.read(frame), frame);
    }

    /** The client's messages with bytes and in words only, then the server's. */
    @Test
    void allOfThemAreHere() {
        Map<String, String> counts = new TreeMap<>();
        MongoTranscript.all().forEach(each -> counts.put(each.driver(), counted(each.messages())));
        assertEquals(
                new TreeMap<>(Map.of(
                        "go-2.10.0", "30 7 26 12",
                        "java-sync-5.14.0", "30 7 28 7",
                        "node-6.22.0", "9 2 8 3",
                        "node-7.9.0", "28 7 25 11",
                        "pymongo-4.20.1", "31 7 27 12",
                        "rust-3.9.1", "26 8 20 14")),
                counts);
    }

    private static String counted(List<MongoTranscript.Spoken> messages) {
        return Stream.of(true, false)
                .flatMap(client -> Stream.of(false, true)
                        .map(words -> messages.stream()
                                .filter(each -> each.byClient() == client && each.isInWordsOnly() == words)
                                .count()))
                .map(String::valueOf)
                .collect(Collectors.joining(" "));
    }

    @Test
    void everyMessageIsWrittenToTheSameBytes() {
        MongoTranscript.everything().forEach(each -> {
            Buffer frame = each.frame();
            assertSameBytes(each, frame);
            if (message(frame) instanceof OpCompressed compressed) {
                assertSameBytes(each, RecordedWords.inflated(MessageHeader.read(frame), compressed));
            }
        });
    }

    private static void assertSameBytes(MongoTranscript.Spoken spoken, Buffer frame) {
        MessageHeader header = MessageHeader.read(frame);
        MongoMessage message = MongoMessage.read(header, frame);
        assertEquals(
                Vectors.hex(frame),
                Vectors.hex(message.write(header.requestId(), header.responseTo(), LIMIT)),
                spoken::toString);
        for (Buffer document : documents(message)) {
            assertEquals(
                    Vectors.hex(document), Vectors.hex(Documents.bson(Documents.parsed(document))), spoken::toString);
        }
    }

    private static List<Buffer> documents(MongoMessage message) {
        if (message instanceof OpMsg command) {
            List<Buffer> documents = new ArrayList<>(List.of(command.body()));
            command.sequences().forEach(each -> documents.addAll(each.documents()));
            return documents;
        }
        if (message instanceof OpQuery query) {
            return List.of(query.query());
        }
        return message instanceof OpReply reply ? reply.documents() : List.of();
    }

    @Test
    void everyMessageIsWhatItsWordsSay() {
        withBytes().forEach(each -> assertEquals(each.words(), RecordedWords.of(each.frame())));
    }

    /** The bytes of zlib depend on the level, those of all on the library; what counts is that they inflate to the same. */
    @Test
    void whatWasCompressedIsCompressedAgain() {
        Set<String> compressors = new TreeSet<>();
        compressed().forEach(each -> {
            MessageHeader header = MessageHeader.read(each.frame());
            OpCompressed theirs = (OpCompressed) message(each.frame());
            Buffer inside = RecordedWords.inflated(header, theirs);
            OpCompressed ours = OpCompressed.of(inside, RecordedWords.compressor(theirs.compressorId()));
            assertEquals(theirs.compressorId(), ours.compressorId());
            assertEquals(theirs.originalOpCode(), ours.originalOpCode());
            assertEquals(theirs.uncompressedBytes(), ours.uncompressedBytes());
            assertEquals(inside, RecordedWords.inflated(header, ours), each::toString);
            compressors.add(each.driver() + " "
                    + RecordedWords.compressor(theirs.compressorId()).name());
        });
        assertEquals(
                new TreeSet<>(Set.of(
                        "go-2.10.0 zstd",
                        "java-sync-5.14.0 zlib",
                        "node-7.9.0 snappy",
                        "pymongo-4.20.1 snappy",
                        "rust-3.9.1 zstd")),
                compressors);
    }

    /** Their words are all that there is of them, so the length that they name must be that of the bytes made of them. */
    @Test
    void greetingsHaveTheLengthThatTheirWordsSay() {
        Map<String, Set<Integer>> longer = MongoTranscript.everything()
                .filter(MongoTranscript.Spoken::isInWordsOnly)
                .collect(Collectors.groupingBy(
                        each -> each.words().contains("<kernel>") ? "with <kernel>" : "others",
                        TreeMap::new,
                        Collectors.mapping(MongoTranscriptTest::missing, Collectors.toSet())));
        assertEquals(Map.of("others", Set.of(0), "with <kernel>", Set.of(KERNEL_CHARS - "<kernel>".length())), longer);
        Function<MongoTranscript.Spoken, String> rest = each -> each.words().replaceFirst("len=[0-9]+", "");
        MongoTranscript.everything()
                .filter(MongoTranscript.Spoken::isInWordsOnly)
                .forEach(each -> assertEquals(
                        rest.apply(each), RecordedWords.of(each.frame()).replaceFirst("len=[0-9]+", "")));
    }

    private static int missing(MongoTranscript.Spoken greeting) {
        String length =
                greeting.words().substring("len=".length(), greeting.words().indexOf(' '));
        return Integer.parseInt(length) - greeting.frame().length();
    }
}
