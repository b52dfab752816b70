package dev.polywire.embedded;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * An embedded server of a configuration: {@code {type, port}}.
 *
 * @param port 1 to 65,535
 * @param correlation of {@code framed-echo}: its peers send requests and get replies, as with the option of a framed connector;
 *     default false
 */
public record EmbeddedOptions(Type type, int port, boolean correlation) {

    /** Loopback only: the servers have no passwords, or well-known ones. */
    public static final String HOST = "127.0.0.1";

    /** The kinds of embedded servers. */
    public enum Type {
        /** mongo-java-server, in memory. */
        MONGODB("de/bwaldvogel/mongo/MongoServer.class", "de.bwaldvogel:mongo-java-server"),
        /** Qpid Broker-J, in memory: virtual host {@code /}, user and password {@code guest}. */
        AMQP(
                "org/apache/qpid/server/SystemLauncher.class",
                "org.apache.qpid:qpid-broker-core with -plugins-amqp-0-8-protocol and -plugins-memory-store"),
        /** Answers each framed message with {@code server replied: ...}. */
        FRAMED_ECHO,
        /** Answers each query with the query and its parameters. */
        BOLT_ECHO,
        /** Our EventStore server, in memory: one node like 5.0.11, users {@code admin} and {@code ops}, password {@code changeit}. */
        EVENTSTORE("com/google/protobuf/MessageLite.class", "com.google.protobuf:protobuf-java");

        private final String file;
        private final String library;

        /** One of ours that needs no library. */
        Type() {
            this("", "");
        }

        Type(String file, String library) {
            this.file = file;
            this.library = library;
        }

        private boolean isHere() {
            return file.isEmpty() || Type.class.getClassLoader().getResource(file) != null;
        }

        /** Its name in a configuration. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** With the defaults of a type. */
    public EmbeddedOptions(Type type, int port) {
        this(type, port, false);
    }

    /**
     * Reads a whole object.
     *
     * @throws FieldException for a type that is not known, or whose library is not on the class path
     */
    public static EmbeddedOptions fromJson(Fields json) {
        int port = json.int32("port", 1, 65_535);
        List<String> words = Stream.of(Type.values()).map(Type::word).toList();
        Type type = Type.values()[words.indexOf(json.word("type", words))];
        boolean correlation = type == Type.FRAMED_ECHO && json.flag("correlation", false);
        json.done();
        if (!type.isHere()) {
            throw json.complaint(
                    "type",
                    type.word() + " is not in this program (expected: polywire.jar, or " + type.library
                            + " on the class path)");
        }
        return new EmbeddedOptions(type, port, correlation);
    }
}
