package dev.polywire.app;

import dev.polywire.examples.Block;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The commands that pages, configuration files and examples quote. */
final class Commands {

    /** A build cannot run itself: these are what has made the jar that the test runs. */
    private static final Set<String> THE_BUILD =
            Set.of("mvn verify", "mvn package -DskipTests", "mvn -q package -DskipTests");

    private static final Pattern BY_MAVEN = Pattern.compile("mvn -q compile exec:java(?: -Dexec\\.args=\"([^\"]*)\")?");
    private static final Pattern FROM_JAR = Pattern.compile("java -jar target/polywire\\.jar (run .*)");
    private static final String OF_THE_POM = "run --conf conf/embedded.json";

    private Commands() {}

    /** What starts the program by Maven: its arguments. */
    static List<String> byMaven(List<String> commands) {
        return commands.stream()
                .map(BY_MAVEN::matcher)
                .filter(Matcher::matches)
                .map(command -> command.group(1) == null ? OF_THE_POM : command.group(1))
                .toList();
    }

    /** What starts the program from its jar: its arguments. */
    static List<String> fromJar(List<String> commands) {
        return commands.stream()
                .map(FROM_JAR::matcher)
                .filter(Matcher::matches)
                .map(command -> command.group(1))
                .toList();
    }

    /** What a shell runs beside the program. */
    static List<String> beside(List<String> commands) {
        return commands.stream()
                .filter(command -> !THE_BUILD.contains(command)
                        && !BY_MAVEN.matcher(command).matches()
                        && !FROM_JAR.matcher(command).matches())
                .toList();
    }

    /** The configuration of the program that a block's commands reach; empty: they need none. */
    static String configuration(Block block) {
        if (!block.argument().isEmpty()) {
            return block.argument();
        }
        return Stream.concat(byMaven(block.commands()).stream(), fromJar(block.commands()).stream())
                .map(arguments -> arguments.replaceFirst(".*--conf (\\S+).*", "$1"))
                .findFirst()
                .orElse("");
    }
}
