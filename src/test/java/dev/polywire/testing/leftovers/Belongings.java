package dev.polywire.testing.leftovers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What a fork has at one moment: ports it listens on, child processes, files below its working directory. */
final class Belongings {

    private static final Path SELF = Path.of("/proc/self");
    private static final String LISTENS = "0A";
    /** What the build itself writes, and the repository. */
    private static final Set<String> NOT_OURS = Set.of("target", ".git");

    private Belongings() {}

    /** Each in a word: {@code port 20123}, {@code process 4711 java}, {@code file a/b}. Shared ones are left out. */
    static Set<String> now() {
        Set<String> all = new TreeSet<>();
        ports().filter(port -> !Shared.ports().contains(port)).forEach(port -> all.add("port " + port));
        ProcessHandle.current()
                .children()
                .filter(child -> !Shared.processes().contains(child.pid()) && child.isAlive())
                .forEach(child -> all.add("process " + child.pid() + " "
                        + child.info().commandLine().orElse("")));
        files(Path.of("").toAbsolutePath()).forEach(file -> all.add("file " + file));
        return all;
    }

    /** Linux says it; on other systems ports are not judged. */
    private static Stream<Integer> ports() {
        if (!Files.isDirectory(SELF.resolve("fd"))) {
            return Stream.empty();
        }
        Set<String> sockets = sockets();
        return Stream.of("tcp", "tcp6")
                .flatMap(table -> lines(SELF.resolve("net").resolve(table)))
                // 0: 0100007F:4E85 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 INODE ...
                .map(line -> line.strip().split("\\s+"))
                .filter(row -> row.length > 9 && row[3].equals(LISTENS) && sockets.contains(row[9]))
                .map(row -> Integer.parseInt(row[1].substring(row[1].indexOf(':') + 1), 16));
    }

    /** Inodes of the sockets that this process has open. */
    private static Set<String> sockets() {
        Set<String> inodes = new HashSet<>();
        try (Stream<Path> open = Files.list(SELF.resolve("fd"))) {
            for (Path each : open.toList()) {
                target(each)
                        .filter(name -> name.startsWith("socket:["))
                        .map(name -> name.substring("socket:[".length(), name.length() - 1))
                        .forEach(inodes::add);
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return inodes;
    }

    private static Stream<String> target(Path link) {
        try {
            return Stream.of(Files.readSymbolicLink(link).toString());
        } catch (IOException closedMeanwhile) {
            return Stream.empty();
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
            return lines.stream().skip(1);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Set<Path> files(Path directory) {
        Set<Path> files = new HashSet<>();
        collect(directory, directory, files);
        return files;
    }

    private static void collect(Path root, Path directory, Set<Path> into) {
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : entries.toList()) {
                if (!Files.isDirectory(entry)) {
                    into.add(root.relativize(entry));
                } else if (!NOT_OURS.contains(entry.getFileName().toString())) {
                    collect(root, entry, into);
                }
            }
        } catch (NoSuchFileException deletedMeanwhile) {
            return;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
