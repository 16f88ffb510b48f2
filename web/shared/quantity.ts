/**
 * Quantities of allowances in words: seconds as time, calls as a count, money as an amount.
 */
import { useLocale } from './locale.tsx'

export function useQuantity(currency: string) {
  const { words, format } = useLocale()
  return (unit: 'seconds' | 'calls' | 'money', quantity: string): string => {
    switch (unit) {
      case 'seconds':
        return format.duration(Number(quantity))
      case 'money':
        return format.money(quantity, currency)
      case 'calls':
        return words.numberOfCalls(format.decimal(quantity))
    }
  }
}
