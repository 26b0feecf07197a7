#!/usr/bin/perl

# Prints how Perl and readers of POD understand files, a JSON array each: the operations that Perl compiles, without the
# texts in them, and the commands and codes of the POD.
#
# Given are the library's folder and files; the operations are asked of further Perls.

use strict;
use warnings;

use JSON::PP                ();
use Pod::Simple::DumpAsText ();

my ( $library, @files ) = @ARGV;
for my $file (@files) {
    print JSON::PP::encode_json( [ operations($file), structure($file) ] ), "\n";
}

sub operations {
    my ($file) = @_;
    open my $output, q{-|}, $^X, "-I$library", '-MO=-qq,Concise,-exec', $file
      or die "cannot run $^X: $!\n";
    my @lines = readline $output;
    close $output or die "$file cannot be compiled\n";

    # A long text is joined of several when the file is compiled, and takes places for that.
    for my $line (@lines) {
        $line =~ s{\A\S+\s+}{};
        $line =~ s{const\[PV ".*"\].*}{const[PV]};
        $line =~ s{\[t\d+\]}{};
        $line =~ s{[:\s]\K\d+}{}g;
    }
    return \@lines;
}

sub structure {
    my ($file) = @_;
    my $text   = q{};
    my $reader = Pod::Simple::DumpAsText->new;
    $reader->output_string( \$text );
    $reader->parse_file($file);
    die "$file: the POD is wrong\n" if $reader->any_errata_seen;
    return [ grep { !/\A\s*[*.]|"start_line"/ } split /\n/, $text ];
}
