#!/usr/bin/env perl
# Runs tests that speak TAP, one after the other, and writes their cases as JUnit's XML into XML_OUTPUT_FILE.
#
#   perl tap_to_junit.pl FILE.t…
#
# They run on the Perl that PERL names, or else on this one.
#
# A test has failed if one of its cases has, if its plan is missing or not kept, or if it ends with another status than 0.
# Where ASTERISK_REQUIRED is 1, a skipped case has failed, too. Ends with 1 if anything has failed.
use strict;
use warnings;

use File::Basename qw(basename);
use TAP::Parser;
use Time::HiRes qw(time);

my $skips_fail = ( $ENV{ASTERISK_REQUIRED} // q{} ) eq '1';
my ( @suites, $failed );
for my $file (@ARGV) {
    my @cases = cases($file);
    $failed ||= grep { $_->{failure} } @cases;
    push @suites, suite( basename($file), @cases );
}
write_report(@suites) if $ENV{XML_OUTPUT_FILE};
exit( $failed ? 1 : 0 );

# Runs one test; its cases, and one more where the test as a whole is wrong.
sub cases {
    my ($file) = @_;
    print "# $file\n" or die "cannot print: $!\n";
    my $parser = TAP::Parser->new( { exec => [ $ENV{PERL} // $^X, $file ], merge => 1 } );
    my ( @cases, @aside );
    my $since = time;
    while ( my $result = $parser->next ) {
        print $result->as_string, "\n" or die "cannot print: $!\n";
        if ( $result->is_test ) {
            push @cases, case ( $result, time - $since );
            ( $since, @aside ) = (time);
        }
        elsif ( $result->is_comment || $result->is_unknown || $result->is_yaml ) {
            push @aside, $result->raw;

            # What a case says of its failure comes after it.
            $cases[-1]{text} .= $result->raw . "\n" if @cases;
        }
    }
    my $why = $parser->skip_all;

    # A test that has no case at all plans for none, too; one that is skipped says why.
    if ( defined $why && $why ne '(no reason given)' && !$parser->wait ) {
        push @cases, skipped( { name => $file }, $why );
    }
    elsif ( my @wrong = wrong( $parser, scalar @cases ) ) {
        push @cases, { name => $file, failure => join( '; ', @wrong ), text => join "\n", @aside };
    }
    return @cases;
}

sub case {
    my ( $result, $seconds ) = @_;
    my $name = $result->description =~ s/\A-\s*//r;
    my $case = {
        name => length $name ? $name : 'test ' . $result->number,
        time => $seconds,
        text => q{},
    };
    return skipped( $case, $result->explanation ) if $result->has_skip && $result->is_ok;
    $case->{failure} = 'not ok'                   if !$result->is_ok;
    return $case;
}

sub skipped {
    my ( $case, $why ) = @_;
    return { %{$case}, failure => "skipped where Asterisk is expected: $why" } if $skips_fail;
    return { %{$case}, skipped => $why };
}

# What is wrong with a test beside its failed cases.
sub wrong {
    my ( $parser, $count ) = @_;
    my @wrong = $parser->parse_errors;
    push @wrong, 'it has no plan' if !defined $parser->plan && !@wrong;
    push @wrong, 'it has no case' if !$count                && !@wrong;
    my $status = $parser->wait // 0;
    if ($status) {
        my $how = $status & 127 ? 'by signal ' . ( $status & 127 ) : 'with ' . ( $status >> 8 );

        # Test::More ends with the number of failed cases.
        push @wrong, "it ended $how" if $status & 127 || $parser->failed == 0 || @wrong;
    }
    return @wrong;
}

sub suite {
    my ( $name, @cases ) = @_;
    my $xml = sprintf qq{<testsuite name="%s" tests="%d" failures="%d" skipped="%d">\n},
      escaped($name),
      scalar @cases, scalar( grep { $_->{failure} } @cases ), scalar grep { $_->{skipped} } @cases;
    for my $case (@cases) {
        $xml .= sprintf qq{<testcase classname="%s" name="%s" time="%.3f">}, escaped($name),
          escaped( $case->{name} ), $case->{time} // 0;
        for my $outcome ( grep { $case->{$_} } qw(failure skipped) ) {
            $xml .= sprintf qq{<$outcome message="%s">%s</$outcome>}, escaped( $case->{$outcome} ),
              $outcome eq 'failure' ? escaped( $case->{text} // q{} ) : q{};
        }
        $xml .= "</testcase>\n";
    }
    return "$xml</testsuite>\n";
}

sub write_report {
    my @written = @_;
    my $path    = $ENV{XML_OUTPUT_FILE};
    open my $file, '>', $path or die "cannot write $path: $!\n";
    print {$file} qq{<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n}, @written,
      "</testsuites>\n"
      or die "cannot write $path: $!\n";
    close $file or die "cannot write $path: $!\n";
    return;
}

# Text as XML has it; what tests print are bytes of UTF-8, and XML knows but three control characters.
sub escaped {
    my ($text) = @_;
    my %entity = ( '&' => '&amp;', '<' => '&lt;', '>' => '&gt;', '"' => '&quot;' );
    utf8::decode($text) or utf8::upgrade($text);
    $text =~ s/([&<>"])/$entity{$1}/g;
    $text =~
      s/([^\t\n\x20-\x{D7FF}\x{E000}-\x{FFFD}\x{10000}-\x{10FFFF}])/sprintf '\\x{%X}', ord $1/ge;
    utf8::encode($text);
    return $text;
}
