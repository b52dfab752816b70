package dev.polywire.mongodb.wire;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The compressors that come with Polywire, and the choice between those of a client and those of a server. */
public final class Compressors {

    private Compressors() {}

    /**
     * A compressor by its name in the hello.
     *
     * @param name {@code snappy}, {@code zlib}, {@code zstd} or {@code noop}
     * @param zlibLevel -1 to 9; of zlib only
     * @return null: there is none of this name, or its library is not on the class path
     */
    public static @Nullable Compressor named(String name, int zlibLevel) {
        try {
            return switch (name) {
                case "noop" -> new NoopCompressor();
                case "snappy" -> new SnappyCompressor();
                case "zlib" -> new ZlibCompressor(zlibLevel);
                case "zstd" -> new ZstdCompressor();
                default -> null;
            };
        } catch (LinkageError missing) {
            // Not on the class path, or not made for this JVM.
            return null;
        }
    }

    /** Those of these names that can be used here, in their order, each once. */
    public static List<Compressor> usable(List<String> names, int zlibLevel) {
        List<Compressor> usable = new ArrayList<>();
        for (String name : names.stream().distinct().toList()) {
            Compressor compressor = named(name, zlibLevel);
            if (compressor != null) {
                usable.add(compressor);
            }
        }
        return List.copyOf(usable);
    }

    /** Those of ours whose names the peer has said too, in our order: the first of them is the one to use. */
    public static List<Compressor> shared(List<Compressor> ours, List<String> theirs) {
        return ours.stream().filter(each -> theirs.contains(each.name())).toList();
    }

    /** The names for the hello. */
    public static List<String> names(List<Compressor> compressors) {
        return compressors.stream().map(Compressor::name).toList();
    }
}
