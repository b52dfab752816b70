package dev.polywire.mongodb.wire;

import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What one driver and a server said, from {@code src/test/resources/mongodb}, whose README describes the form.
 *
 * @param driver the file without its ending: {@code node-7.9.0}
 */
public record MongoTranscript(String driver, List<Spoken> messages) {

    private static final List<String> DRIVERS =
            List.of("go-2.10.0", "java-sync-5.14.0", "node-6.22.0", "node-7.9.0", "pymongo-4.20.1", "rust-3.9.1");

    private static final Pattern MESSAGE = Pattern.compile("[0-9.]+ c([0-9]+) (client|server): (.*)");
    private static final String PART = "## ";
    private static final String HEX = "    ";

    /**
     * One message.
     *
     * @param part {@code plain}, {@code SCRAM} or {@code full}
     * @param connection from 1 on, in each part anew
     * @param words the message as the recorder read it
     * @param hex its bytes; empty for a greeting
     */
    public record Spoken(String driver, String part, int connection, boolean byClient, String words, String hex) {

        /** Whether the file has its words only. */
        public boolean isInWordsOnly() {
            return hex.isEmpty();
        }

        /** The whole message; made of the words when the file has nothing else. */
        public Buffer frame() {
            return isInWordsOnly() ? RecordedWords.frame(words) : Vectors.bytes(hex);
        }

        public MessageHeader header() {
            return MessageHeader.read(frame());
        }

        /** The message, or the one inside when it is compressed. */
        public MongoMessage message() {
            return opened(frame());
        }

        @Override
        public String toString() {
            return driver + " " + part + " c" + connection + " " + words;
        }
    }

    /** Of all drivers, by name. */
    public static List<MongoTranscript> all() {
        return DRIVERS.stream().map(MongoTranscript::read).toList();
    }

    /** A message, or the one inside when it is compressed. */
    public static MongoMessage opened(Buffer frame) {
        MessageHeader header = MessageHeader.read(frame);
        MongoMessage message = MongoMessage.read(header, frame);
        return message instanceof OpCompressed compressed
                ? opened(RecordedWords.inflated(header, compressed))
                : message;
    }

    /** One of those that the recordings have. */
    public static Compressor compressor(int id) {
        return RecordedWords.compressor(id);
    }

    /** All messages of all drivers. */
    static Stream<Spoken> everything() {
        return all().stream().flatMap(each -> each.messages().stream());
    }

    private static MongoTranscript read(String driver) {
        List<Spoken> messages = new ArrayList<>();
        String part = "";
        for (String line : Vectors.lines("/mongodb/" + driver + ".txt")) {
            Matcher message = MESSAGE.matcher(line);
            if (line.startsWith(PART)) {
                part = line.substring(PART.length()).split("[ ,]")[0];
            } else if (line.startsWith(HEX)) {
                Spoken spoken = messages.remove(messages.size() - 1);
                messages.add(
                        new Spoken(driver, part, spoken.connection(), spoken.byClient(), spoken.words(), line.strip()));
            } else if (message.matches()) {
                messages.add(new Spoken(
                        driver,
                        part,
                        Integer.parseInt(message.group(1)),
                        message.group(2).equals("client"),
                        message.group(3),
                        ""));
            }
        }
        return new MongoTranscript(driver, messages);
    }

    @Override
    public String toString() {
        return driver;
    }
}
