package Library::Runtime::RateLimit;

# What an answer said of the requests that the server still takes; undef for what it did not say.

use strict;
use warnings;

# $names are the headers for limit, remaining and reset, in lower case.
sub new {
    my ( $class, $names, $headers ) = @_;
    return bless { map { $_ => _number( $headers->{ $names->{$_} } ) } keys %{$names} }, $class;
}

# How many requests there may be in all, how many of them are left, and the seconds until they begin anew.
sub limit     { my ($self) = @_; return $self->{limit} }
sub remaining { my ($self) = @_; return $self->{remaining} }
sub reset     { my ($self) = @_; return $self->{reset} }

sub TO_JSON {
    my ($self) = @_;
    return { %{$self} };
}

sub _number {
    my ($text) = @_;
    return defined $text && $text =~ /\A\s*([0-9]{1,15})\s*\z/ ? 0 + $1 : undef;
}

1;
